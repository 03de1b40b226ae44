"""What the blueprints share of HTTP."""
