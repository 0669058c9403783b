"""The demo: its track, its papers, its judgements, and that it copes with what people bring."""
