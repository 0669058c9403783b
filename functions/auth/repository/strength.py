"""How many guesses a password takes, by zxcvbn: its lists of common passwords, names and words."""

from functions.auth.domain.passwords import Judgement

JUDGED = 72  # zxcvbn's time grows with the length, and nobody guesses the rest


def estimated(password: str, known: list[str]) -> Judgement:
    """Takes a few milliseconds. `known` are words that a guesser would try first."""
    from zxcvbn import zxcvbn

    found = zxcvbn(password[:JUDGED], user_inputs=known, max_length=JUDGED)
    feedback = found["feedback"]
    advice = [feedback["warning"], *feedback["suggestions"]]
    return Judgement(float(found["guesses_log10"]), tuple(text for text in advice if text))
