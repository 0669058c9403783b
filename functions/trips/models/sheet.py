"""A trip on paper: what was planned and what was."""

from datetime import UTC, datetime, timedelta
from html import escape
from io import BytesIO
from typing import TYPE_CHECKING, Any

from functions.trips.domain.stops import How, Stop
from functions.trips.domain.trip import Status, Trip

if TYPE_CHECKING:
    from reportlab.platypus import Flowable

GREY, LINE, PALE = "#5b6470", "#c9ced6", "#f3f5f8"
COLUMNS_MM = (8, 42, 35, 35, 20, 20, 20)
HEADINGS = ("#", "Stop", "Planned", "Reached", "Difference", "Known by", "Signature")
HOW = {How.GEOFENCE: "geofence", How.CHECK_IN: "check-in"}
PUNCTUAL = timedelta(minutes=1)
NOTHING = "-"


def sheet(trip: Trip, driver_name: str | None, at: datetime) -> bytes:
    """A PDF of A4 pages. The same trip at the same time is the same bytes."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.platypus import SimpleDocTemplate, Spacer

    out = BytesIO()
    pages = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=15 * mm,
        rightMargin=15 * mm,
        topMargin=16 * mm,
        bottomMargin=18 * mm,
        title=f"Trip sheet: {trip.title}",
        author="CollabAzure",
        invariant=1,
    )
    story: list[Flowable] = [
        _text("Trip sheet", 9, GREY),
        _text(trip.title, 17),
        Spacer(1, 5 * mm),
        _facts(trip, driver_name),
        Spacer(1, 6 * mm),
        _stops(trip),
        Spacer(1, 6 * mm),
        _totals(trip),
        Spacer(1, 14 * mm),
        _text("Driver: ______________________________     Date: ____________________", 9),
    ]

    def footer(canvas: Any, document: Any) -> None:
        canvas.setFont("DejaVuSans", 7)
        canvas.setFillColor(GREY)
        canvas.drawString(15 * mm, 10 * mm, f"Trip {trip.id} · printed {moment(at)}")
        canvas.drawRightString(195 * mm, 10 * mm, f"Page {document.page}")

    pages.build(story, onFirstPage=footer, onLaterPages=footer)
    return out.getvalue()


def moment(at: datetime | None) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if at else NOTHING


def difference(stop: Stop) -> str:
    if stop.planned_arrival is None or stop.reached_at is None:
        return NOTHING
    late = stop.reached_at - stop.planned_arrival
    if abs(late) < PUNCTUAL:
        return "on time"
    return f"{span(abs(late))} {'late' if late > timedelta() else 'early'}"


def span(length: timedelta) -> str:
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min"


def totals(trip: Trip) -> list[tuple[str, str]]:
    reached = [stop for stop in trip.stops if stop.reached_at]
    late = [
        stop
        for stop in reached
        if stop.planned_arrival
        and stop.reached_at
        and stop.reached_at - stop.planned_arrival >= PUNCTUAL
    ]
    by = {how: sum(stop.how is how for stop in reached) for how in How}
    arrivals = [stop.planned_arrival for stop in trip.stops if stop.planned_arrival]
    planned = max(arrivals) - trip.planned_start if arrivals and trip.planned_start else None
    actual = trip.ended_at - trip.started_at if trip.ended_at and trip.started_at else None
    return [
        ("Stops reached", f"{len(reached)} of {len(trip.stops)}"),
        ("By geofence / by check-in", f"{by[How.GEOFENCE]} / {by[How.CHECK_IN]}"),
        ("Reached late", str(len(late))),
        ("Planned duration", span(planned) if planned and planned > timedelta() else NOTHING),
        ("Actual duration", span(actual) if actual else NOTHING),
    ]


def _facts(trip: Trip, driver_name: str | None) -> "Flowable":
    rows = [
        ("Driver", driver_name or trip.driver_id or "not assigned"),
        ("Status", trip.status.value),
        ("Planned start", moment(trip.planned_start)),
        ("Started", moment(trip.started_at)),
        ("Ended", moment(trip.ended_at)),
    ]
    if trip.status is Status.CANCELLED:
        rows.append(("Cancelled", f"{moment(trip.cancelled_at)}: {trip.cancel_reason}"))
    return _pairs(rows)


def _totals(trip: Trip) -> "Flowable":
    return _pairs(totals(trip))


def _stops(trip: Trip) -> "Flowable":
    from reportlab.lib.units import mm
    from reportlab.platypus import Table

    rows: list[list[Flowable]] = [[_text(each, 7.5, GREY) for each in HEADINGS]]
    for number, stop in enumerate(trip.stops, start=1):
        name = f"{stop.name}\n{stop.note}" if stop.note else stop.name
        cells = (
            str(number),
            name,
            moment(stop.planned_arrival),
            moment(stop.reached_at) if stop.reached_at else "not reached",
            difference(stop),
            HOW[stop.how] if stop.how else NOTHING,
            "",
        )
        rows.append([_text(cell, 8) for cell in cells])
    table = Table(rows, colWidths=[width * mm for width in COLUMNS_MM], repeatRows=1)
    table.setStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("BACKGROUND", (0, 0), (-1, 0), PALE),
            ("LINEBELOW", (0, 0), (-1, -1), 0.5, LINE),
            ("LEFTPADDING", (0, 0), (-1, -1), 3),
            ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ]
    )
    return table


def _pairs(rows: list[tuple[str, str]]) -> "Flowable":
    from reportlab.lib.units import mm
    from reportlab.platypus import Table

    cells = [[_text(name, 8, GREY), _text(value, 9)] for name, value in rows]
    table = Table(cells, colWidths=[45 * mm, 135 * mm], hAlign="LEFT")
    table.setStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 1),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
        ]
    )
    return table


def _text(text: str, size_pt: float, colour: str = "#000000") -> "Flowable":
    """In a typeface that has its letters; line breaks stay."""
    from reportlab.lib.colors import HexColor
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph

    from shared.pades.typefaces import runs

    markup = "".join(f'<font name="{face}">{escape(piece)}</font>' for face, piece in runs(text))
    style = ParagraphStyle(
        f"{size_pt}", fontSize=size_pt, leading=size_pt * 1.3, textColor=HexColor(colour)
    )
    return Paragraph(markup.replace("\n", "<br/>"), style)
