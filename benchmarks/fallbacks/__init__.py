"""How fast camera frames reach the recogniser where a browser has no direct path."""
