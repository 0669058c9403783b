"""What clients see of API Management, on this machine: its policies in front of the app's host."""
