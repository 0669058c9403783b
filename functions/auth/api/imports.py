"""Users imported by the thousand."""

from http import HTTPStatus

from functions.auth.api.blueprint import bp
from functions.auth.domain.import_report import report
from functions.auth.domain.refusals import TooManyRows, UnreadableImport
from functions.auth.models.imports import ImportOptions, ImportView, ReportOptions
from functions.auth.wiring import imports, imports_kept
from shared.errors import Malformed, Missing, UnsupportedMedia
from shared.http.call import Call, Reply, shown
from shared.http.declaration import Content, Raw
from shared.http.endpoint import endpoint

MOST_BYTES = 5 * 1024 * 1024


@bp.function_name("auth_import_users")
@bp.route("v1/users/import", methods=["POST"])
@endpoint(
    needs="auth:write",
    takes=Raw(None, MOST_BYTES),
    asks=ImportOptions,
    gives=ImportView,
    status=HTTPStatus.ACCEPTED,
    refuses=[UnsupportedMedia, Malformed, UnreadableImport, TooManyRows],
)
async def import_users(call: Call[bytes, ImportOptions]) -> Reply:
    """Import users from a file.

    Send `text/csv` (UTF-8, with a header) or `application/json` (a list), up to 20,000 users, with
    email, name, phone, roles, active, locale, time_zone, department (its path, "Sales/North") or
    department_id, external_id, and password_hash (pbkdf2_sha256 as Django writes it, bcrypt,
    argon2id). Nobody's password is taken in clear: those without a hash choose one through a reset
    link. It is worked off in the background; read how far it is at `Location`."""
    media_type = call.headers.get("content-type", "")
    stored = await imports().begin(call.caller, call.body, media_type, call.asks)
    location = f"/api/v1/users/imports/{stored.document.id}"
    return shown(stored, ImportView, Location=location)


@bp.function_name("auth_read_import")
@bp.route("v1/users/imports/{import_id}", methods=["GET"])
@endpoint(needs="auth:write", gives=ImportView, refuses=[Missing])
async def read_import(call: Call) -> Reply:
    """Read how far an import is.

    It is kept for 30 days."""
    return shown(await imports_kept().get(call.tenant_id, call.route["import_id"]), ImportView)


@bp.function_name("auth_read_import_report")
@bp.route("v1/users/imports/{import_id}/report", methods=["GET"])
@endpoint(needs="auth:write", asks=ReportOptions, gives=Content("text/csv"), refuses=[Missing])
async def read_report(call: Call[None, ReportOptions]) -> Reply:
    """Read what is wrong with which rows, as CSV.

    A line for each problem: the row's line, the field, and what to mend. Mend these rows and import
    them again."""
    results = await imports().results(call.tenant_id, call.route["import_id"])
    return Reply(
        content=report(results, everything=call.asks.all),
        media_type="text/csv",
        headers={"Content-Disposition": 'attachment; filename="import-report.csv"'},
    )
