"""The words of the repository: what they name exists, and what exists is named."""
