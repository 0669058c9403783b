"""What a user and a login are and what may become of them; pure."""
