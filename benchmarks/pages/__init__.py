"""How long the pages of the staff take, in studios of three sizes and on both databases."""
