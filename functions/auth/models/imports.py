"""Imports of users as callers send and see them."""

from typing import Annotated

from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints

from functions.auth.domain.imports import Existing, ImportStatus
from functions.auth.models import Sent
from functions.auth.models.users import ExternalId
from shared.http.fields import Email, Id, LanguageTag, Name, Phone, TimeZone
from shared.identity.permissions import Role
from shared.model import Model


class ImportOptions(Sent):
    """How to import."""

    dry_run: bool = Field(False, description="Only say what would become of each row.")
    existing: Existing = Field(
        Existing.REPORT,
        description="What becomes of rows whose e-mail address a user has already.",
    )


class ReportOptions(Sent):
    """Which rows to report."""

    all: bool = Field(False, description="Those that went well too.")


class ImportedUser(Sent):
    """One row. Without a `password_hash` a new user chooses a password through a reset link."""

    email: Email
    name: Name | None = None
    phone: Phone | None = None
    roles: frozenset[Role] | None = Field(None, min_length=1)
    active: bool | None = None
    locale: LanguageTag | None = None
    time_zone: TimeZone | None = None
    department: Annotated[str, StringConstraints(max_length=1000)] | None = None
    department_id: Id | None = None
    external_id: ExternalId | None = None
    password_hash: Annotated[str, StringConstraints(max_length=500)] | None = None


class ImportView(Model):
    """How far an import is, and what became of its rows; in a dry run, what would."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    status: ImportStatus
    dry_run: bool
    existing: Existing
    rows: int
    done: int
    created: int
    updated: int
    unchanged: int
    skipped: int
    failed: int
    started_by: str
    started_at: AwareDatetime
    finished_at: AwareDatetime | None
