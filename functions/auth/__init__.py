"""Auth: who has a login, what they are to the company, and the tokens that prove it."""
