"""Pages for people: one look, the languages they are read in, and the files a browser needs."""
