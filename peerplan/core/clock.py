"""The only door to the time: instants are kept in UTC, days are days in London."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return timezone.now()


def today() -> date:
    """The present day in London."""
    return now().astimezone(LONDON).date()


def day_of(instant: datetime) -> date:
    """The London day in which an instant falls."""
    return instant.astimezone(LONDON).date()


def end_of(day: date) -> datetime:
    """The last microsecond of a London day, so that "as known on" includes that day."""
    midnight = datetime.combine(day + timedelta(days=1), datetime.min.time(), tzinfo=LONDON)
    return midnight - timedelta(microseconds=1)
