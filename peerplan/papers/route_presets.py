"""Routes that councils take, to copy: which kind of body, for what, in which order.

Seen in councils' papers (design: meetings and papers). A preset is where a route begins; each of
its steps can be changed, moved or left out.
"""

from dataclasses import dataclass

from peerplan.papers.models import Body, Purpose

Kind = Body.Kind


@dataclass(frozen=True)
class PresetStep:
    """One step to be given a body: `kinds` are those that suit it, the best first.

    `body_id` is the body that took the step last time, where a route is copied.
    """

    asks: str
    kinds: tuple[str, ...]
    purpose: str
    shares_paper: bool = False
    takes_comments: bool = False
    takes_minute: bool = False
    is_open_to_call_in: bool = True
    is_key: bool = False
    has_private_part: bool = False
    body_id: int | None = None


@dataclass(frozen=True)
class RoutePreset:
    """A route to begin with."""

    key: str
    label: str
    about: str
    steps: tuple[PresetStep, ...]


_EXECUTIVE = (Kind.EXECUTIVE, Kind.INDIVIDUAL)
_SCRUTINY_COMMENTS = PresetStep(
    "Scrutiny committee, to comment", (Kind.SCRUTINY, Kind.AUDIT), Purpose.COMMENT
)
_EXECUTIVE_APPROVES = PresetStep(
    "Cabinet or executive, to approve",
    _EXECUTIVE,
    Purpose.APPROVE,
    takes_comments=True,
    takes_minute=True,
)

PRESETS: dict[str, RoutePreset] = {
    preset.key: preset
    for preset in (
        RoutePreset(
            "scrutiny-cabinet",
            "Scrutiny, then Cabinet",
            "Scrutiny comments on its own report; the report to Cabinet takes its comments in.",
            (_SCRUTINY_COMMENTS, _EXECUTIVE_APPROVES),
        ),
        RoutePreset(
            "scrutiny-cabinet-council",
            "Scrutiny, Cabinet, then Council",
            "Scrutiny comments, Cabinet recommends, and Council approves.",
            (
                _SCRUTINY_COMMENTS,
                PresetStep(
                    "Cabinet or executive, to recommend to Council",
                    _EXECUTIVE,
                    Purpose.RECOMMEND,
                    takes_comments=True,
                    takes_minute=True,
                    is_open_to_call_in=False,
                ),
                PresetStep(
                    "Full council, to approve",
                    (Kind.COUNCIL,),
                    Purpose.APPROVE,
                    takes_comments=True,
                    takes_minute=True,
                    is_open_to_call_in=False,
                ),
            ),
        ),
        RoutePreset(
            "two-bodies",
            "One report for two bodies",
            "One report with recommendations to scrutiny and to Cabinet; Cabinet’s copy also has "
            "the minute of scrutiny.",
            (
                _SCRUTINY_COMMENTS,
                PresetStep(
                    "Cabinet or executive, to approve the same report",
                    _EXECUTIVE,
                    Purpose.APPROVE,
                    shares_paper=True,
                    takes_comments=True,
                    takes_minute=True,
                ),
            ),
        ),
        RoutePreset(
            "council",
            "Straight to Council",
            "One report, which Council approves.",
            (
                PresetStep(
                    "Full council, to approve",
                    (Kind.COUNCIL,),
                    Purpose.APPROVE,
                    is_open_to_call_in=False,
                ),
            ),
        ),
        RoutePreset(
            "committee-system",
            "Committee, then Council",
            "For councils without a cabinet: a policy committee recommends and Council approves.",
            (
                PresetStep(
                    "Policy committee, to recommend to Council",
                    (Kind.COMMITTEE, Kind.AUDIT),
                    Purpose.RECOMMEND,
                    is_open_to_call_in=False,
                ),
                PresetStep(
                    "Full council, to approve",
                    (Kind.COUNCIL,),
                    Purpose.APPROVE,
                    takes_comments=True,
                    takes_minute=True,
                    is_open_to_call_in=False,
                ),
            ),
        ),
        RoutePreset(
            "publish-first",
            "Published provisionally, then Cabinet",
            "The plan is published before it is approved, marked as provisional; Cabinet approves "
            "it at its next meeting.",
            (
                PresetStep(
                    "Who publishes it provisionally",
                    (Kind.OFFICERS, Kind.INDIVIDUAL, Kind.EXECUTIVE),
                    Purpose.PUBLISH,
                    is_open_to_call_in=False,
                ),
                PresetStep("Cabinet or executive, to approve", _EXECUTIVE, Purpose.APPROVE),
            ),
        ),
    )
}
