"""How files come and go: delivery, conversion, memory."""
