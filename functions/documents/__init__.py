"""Documents: files of the company in versions, each checked once and never altered after."""
