"""How the app gets to know its functions: from its rooms, or, faster, from an index of them."""
