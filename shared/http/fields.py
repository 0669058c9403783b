"""Kinds of text that callers send everywhere: addresses, phone numbers, names, ids, time zones."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints


def normalised_email(given: str) -> str:
    """In the one form that is kept. Raises ValueError. Its library loads when first needed."""
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(given, check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        raise ValueError(f"not an e-mail address: {error}") from error


def _phone(given: str) -> str:
    """E.164, as +4930123456; a national number cannot be told from another country's."""
    import phonenumbers

    try:
        number = phonenumbers.parse(given)
    except phonenumbers.NumberParseException as error:
        raise ValueError(f"not a phone number: {error}") from error
    if not phonenumbers.is_possible_number(number):
        raise ValueError("not a possible phone number")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _time_zone(given: str) -> str:
    """A name of the IANA time zone database."""
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(given).key
    except (KeyError, ValueError, OSError) as error:  # OSError: a folder of zones, not one
        raise ValueError("not a time zone") from error


Email = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=254),
    AfterValidator(normalised_email),
    Field(examples=["ann@example.com"], json_schema_extra={"format": "email"}),
]
Phone = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=32),
    AfterValidator(_phone),
    Field(description="E.164, with the country.", examples=["+4930901820"]),
]
Name = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$"
    ),
]
Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._:-]+$")]
LanguageTag = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$"),
    Field(description="A language, as BCP 47 has it.", examples=["de-AT"]),
]
TimeZone = Annotated[
    str,
    StringConstraints(max_length=64, pattern=r"^(UTC|[A-Z][A-Za-z_]+(/[A-Za-z0-9_+-]+){1,2})$"),
    AfterValidator(_time_zone),
    Field(description="A name of the IANA database.", examples=["Europe/Vienna"]),
]
