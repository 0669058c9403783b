"""What serves people's pages: languages, files under hashed names, headers, the templates."""
