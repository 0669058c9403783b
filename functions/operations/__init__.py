"""Operations: whether the app and what it needs are well, and what the API can do."""
