"""What is drafted about the route: why the paper comes, what others said, and what is next."""

from actions.sentences import capital, listed
from peerplan.papers.calendar import named_day
from peerplan.papers.drafting import review
from peerplan.papers.drafting.context import DraftContext
from peerplan.papers.drafting.phrases import (
    bullets,
    one_line,
    text_of,
    the_challenge,
    where_and_when,
)
from peerplan.papers.models import Purpose, RouteStep
from reviews.deadlines import Deadline, in_words
from reviews.deadlines import deadlines as deadlines_of

TO_DO: dict[str, str] = {
    Purpose.COMMENT: "to comment on the action plan",
    Purpose.APPROVE: "to approve the action plan",
    Purpose.NOTE: "to note progress",
    Purpose.RECOMMEND: "to recommend the action plan",
    Purpose.MONITOR: "to monitor progress",
    Purpose.PUBLISH: "provisional publication of the action plan",
    Purpose.RECEIVE: "to receive the report",
}


def to_do(step: RouteStep, context: DraftContext) -> str:
    """What a body is to do: "to approve the action plan", "to endorse progress" once approved."""
    if step.purpose == Purpose.APPROVE and is_approved(context):
        return "to endorse progress on the action plan"
    if step.purpose == Purpose.RECOMMEND:
        after = next((each for each in _after(step, context)), None)
        if after is not None:
            return f"to recommend the action plan to {after.body.in_sentences}"
    return TO_DO[step.purpose]


def is_approved(context: DraftContext) -> bool:
    """True where the plan had been approved by the day of the position, before this meeting."""
    approved, meeting = context.challenge.plan_approved_on, context.meeting_on
    if approved is None or approved > context.as_at:
        return False
    return meeting is None or approved < meeting


def _after(step: RouteStep, context: DraftContext) -> list[RouteStep]:
    at = (step.position, step.pk)
    return [each for each in context.steps if (each.position, each.pk) > at]


def purpose(context: DraftContext) -> str:
    """What the report is for, in a sentence."""
    about = the_challenge(context)
    plan = f"the action plan that answers {about}"
    day = in_words(context.as_at)
    progress = f"progress on {plan}, as it stood on {day}"
    match context.step.purpose:
        case Purpose.COMMENT:
            said = f"To ask {context.body} for its comments on {plan}, as it stood on {day}"
            said += f"{_and_then(context)}."
        case Purpose.APPROVE if is_approved(context):
            said = f"To report {progress}, and to ask {context.body} to endorse it."
        case Purpose.APPROVE:
            said = f"To ask {context.body} to approve {plan}."
        case Purpose.RECOMMEND:
            to = _recommended_to(context)
            said = f"To ask {context.body} to recommend {plan}{to}, as it stood on {day}."
        case Purpose.MONITOR:
            said = f"To let {context.body} monitor {progress}."
        case Purpose.PUBLISH:
            said = f"To publish {plan} provisionally, before it is approved."
        case Purpose.RECEIVE:
            reviewers = context.challenge.preset.reviewers
            said = f"To present the {reviewers}’ report on {about}, and {plan}."
        case _:
            said = f"To report {progress}."
    if review.is_news(context):
        reviewers = context.challenge.preset.reviewers
        said += (
            f" It also reports what the {reviewers} found when they came back for a progress "
            f"review {review.when(context)}."
        )
    return said


def _and_then(context: DraftContext) -> str:
    """What the bodies that get the same report are asked: ", and to ask Cabinet to approve it"."""
    if is_approved(context):
        return ""
    asked = []
    for step in context.later:
        if not step.shares_paper:
            break
        if step.purpose == Purpose.APPROVE:
            asked.append(f"to ask {step.body.in_sentences} to approve it")
    return f", and {listed(asked)}" if asked else ""


def _recommended_to(context: DraftContext) -> str:
    return f" to {context.later[0].body.in_sentences}" if context.later else ""


def reason(context: DraftContext) -> str:
    """Why the paper comes to this body."""
    later = context.later
    then = f", which goes to {where_and_when(later[0])}" if later else ""
    match context.step.purpose:
        case Purpose.COMMENT if later:
            said = (
                "So that the comments of this meeting can be taken into account in the report "
                f"to {where_and_when(later[0])}."
            )
        case Purpose.COMMENT:
            said = "So that the comments of this meeting can shape how the plan is carried out."
        case Purpose.APPROVE if is_approved(context):
            approved = context.challenge.plan_approved_on
            assert approved is not None
            said = (
                f"The action plan was approved on {in_words(approved)}. {capital(context.body)} "
                "answers for its delivery and is asked to decide where an action is off track."
            )
        case Purpose.APPROVE:
            said = (
                f"The council answers every recommendation of the "
                f"{context.challenge.preset.reviewers} with a plan of action, which has to be "
                f"approved before it is carried out.{_limit(context)}"
            )
        case Purpose.RECOMMEND:
            said = f"{capital(context.body)} considers the plan before it is decided on{then}."
        case Purpose.MONITOR:
            said = f"{capital(context.body)} follows whether the action plan is delivered on time."
        case Purpose.PUBLISH:
            said = f"The plan is published on time, before it has been approved{then}."
        case Purpose.RECEIVE:
            said = f"The council makes known what the {context.challenge.preset.reviewers} found."
        case _:
            said = "So that members know how far the plan has come and what stands in its way."
    return said


def _limit(context: DraftContext) -> str:
    """When the plan is due, where the edition of deadlines says."""
    for one in deadlines_of(context.challenge, context.as_at):
        if one.rule.done_by == "plan_approved_on" and one.due and not one.is_done:
            return f" It is due by {in_words(one.due)}."
    return ""


def next_steps(context: DraftContext) -> str:
    """The steps of the route, each with its body, day and purpose; then the next deadline."""
    steps = [step for step in context.steps if _is_ahead(step, context)]
    parts = []
    if len(steps) > 1 or (steps and steps[0].pk != context.step.pk):
        parts += [
            "The plan goes to:",
            bullets(_step(step, context) for step in steps),
        ]
    if context.next_meeting and context.step.purpose in (Purpose.MONITOR, Purpose.NOTE):
        parts.append(f"{capital(context.body)} next meets on {named_day(context.next_meeting.on)}.")
    parts += [*_after_review(context), _following(context)]
    if not any(parts):
        parts = ["The actions go on as the plan says, and progress is reported when it is due."]
    return text_of(parts)


def _after_review(context: DraftContext) -> list[str]:
    """What follows from a progress review of which the body has not heard before."""
    told = context.review
    if told is None or not review.is_news(context):
        return []
    said = "The council goes on to carry out the action plan."
    if told.suggestions:
        refs = listed([one.ref for one in told.suggestions])
        many = len(told.suggestions) > 1
        are = "are" if many else "is"
        if not all(one.response for one in told.suggestions):
            are = "will be"
        said += (
            f" The suggestion{'s' if many else ''} of the progress review ({refs}) "
            f"{are} answered in it."
        )
    if not review.is_published(context):
        said += " The council will publish the report of the progress review."
    return [said]


def _is_ahead(step: RouteStep, context: DraftContext) -> bool:
    """True for this step, those after it and those before it that have not met yet."""
    if step.meeting is None:
        return (step.position, step.pk) >= (context.step.position, context.step.pk)
    return step.meeting.called_off_at is None and step.meeting.on > context.as_at


def _step(step: RouteStep, context: DraftContext) -> str:
    this = " (this meeting)" if step.pk == context.step.pk else ""
    if step.purpose == Purpose.PUBLISH:
        day = f", {named_day(step.meeting.on)}" if step.meeting else ""
        return f"{capital(TO_DO[step.purpose])}{day}"
    if step.meeting is None:
        return f"{step.body.name}{this}, at a meeting still to be fixed, {to_do(step, context)}"
    return f"{step.body.name}{this}, {named_day(step.meeting.on)}, {to_do(step, context)}"


def _following(context: DraftContext) -> str:
    """The next thing that the edition of deadlines asks for."""
    found = deadlines_of(context.challenge, context.as_at)
    one = next((each for each in found if not each.is_done and _lies_ahead(each, context)), None)
    if one is None:
        return ""
    label = one.rule.label[:1].lower() + one.rule.label[1:]
    return f"Next deadline: {label}. {one.sentence}"


def _lies_ahead(one: Deadline, context: DraftContext) -> bool:
    return one.due is not None and one.due >= context.as_at


def deadlines(context: DraftContext) -> str:
    """Every deadline of the challenge and how it stands."""
    found = deadlines_of(context.challenge, context.as_at)
    if not found:
        return "No deadlines are set for this plan."
    source = context.challenge.deadlines_from.source
    return text_of(
        (
            f"The deadlines follow from the dates of the visit ({source}):",
            bullets(f"{one.rule.label}: {one.sentence}" for one in found),
        )
    )


def comments(context: DraftContext) -> str:
    """What earlier bodies said, where this step takes their comments in."""
    parts = []
    for step, text in context.taken.heard:
        parts.append(f"{_met(step)} commented:")
        parts.append(_quoted(text))
    parts += _withheld("comments", context)
    waiting = _waiting(context)
    return text_of((*parts, waiting))


def _withheld(what: str, context: DraftContext) -> list[str]:
    """That a body said something which this copy does not hold, so that the gap is told."""
    verb = "are" if what == "comments" else "is"
    return [
        f"The {what} of {where_and_when(step)} {verb} not for publication: paragraph "
        f"{step.outcome_paragraph} of Part 1 of Schedule 12A to the Local Government Act 1972."
        for step, which in context.taken.withheld
        if which == what
    ]


def _met(step: RouteStep) -> str:
    if step.meeting is None:
        return step.body.name
    return f"{step.body.name}, at its meeting on {in_words(step.meeting.on)},"


def _quoted(text: str) -> str:
    """A text of several paragraphs as it was given; a text of one becomes one."""
    return text.replace("\r\n", "\n").strip()


def _waiting(context: DraftContext) -> str:
    """Who is still to comment, so that the gap is told rather than left."""
    if not context.step.takes_comments:
        return ""
    told = {step.pk for step, _ in context.taken.heard}
    told |= {step.pk for step, what in context.taken.withheld if what == "comments"}
    out = [
        where_and_when(step)
        for step in context.earlier
        if step.purpose == Purpose.COMMENT and step.pk not in told
    ]
    if not out:
        return ""
    what = "comments" if len(out) == 1 else "comments of these meetings"
    return f"{listed(out)}: the {what} will be reported at the meeting."


def minute(context: DraftContext) -> str:
    """The minutes of the earlier steps that this one takes in."""
    parts = []
    for step, number, text in context.taken.minutes:
        on = f", {in_words(step.meeting.on)}" if step.meeting else ""
        numbered = f", minute {one_line(number)}" if number else ""
        parts += [f"{step.body.name}{on}{numbered}:", _quoted(text)]
    return text_of((*parts, *_withheld("minute", context)))
