"""Operations, from the outside in."""
