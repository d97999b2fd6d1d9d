"""Whether the parts that PeerPlan stands on work. Says which does not, and nothing about why."""

import importlib.util
import logging
import sys
from ctypes import CDLL
from functools import cache

from django.db import DatabaseError, connection

log = logging.getLogger(__name__)

# The names under which WeasyPrint looks for the text library that it cannot do without.
PANGO = {
    "linux": ("libpango-1.0.so.0",),
    "darwin": ("libpango-1.0.dylib", "/opt/homebrew/lib/libpango-1.0.dylib"),
    "win32": ("libpango-1.0-0.dll", "pango-1.0-0.dll"),
}


def parts() -> dict[str, str]:
    """Each part by name with "ok" or what is wrong with it in a few words."""
    return {"database": database(), "renderer": renderer()}


def database() -> str:
    """ "ok" where a query comes back. The reason goes to the log: it may name hosts."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError:
        log.exception("The database does not answer")
        return "does not answer"
    return "ok"


@cache
def _has_pango() -> bool:
    for name in PANGO.get(sys.platform, PANGO["linux"]):
        try:
            CDLL(name)
        except OSError:
            continue
        return True
    return False


def renderer() -> str:
    """ "ok" where what makes PDFs is installed."""
    if importlib.util.find_spec("weasyprint") is None:
        return "WeasyPrint is not installed"
    return "ok" if _has_pango() else "the Pango library is not installed"
