"""What holds for any set of events, however it is told."""

import random
from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st
from told import at, fact, fold

from odoo.addons.beepost_mail.letter.calendar import paris_day
from odoo.addons.beepost_tracking.journey import codes

MOVING = sorted(codes.RANKS, key=codes.RANKS.get)
PRINTING = [code for code in MOVING if codes.RANKS[code] >= codes.PRINTED_FROM]
BEFORE_PRINTING = [code for code in MOVING if code not in PRINTING]
SILENT = ["", "proof", "none", "zz_9", "to_send", "unknown"]
ANY = [*MOVING, *codes.STOPPED, codes.EXCEPTION, *SILENT]
# Few moments, so that events often happen in the same one.
MOMENTS = st.integers(0, 12)


@st.composite
def facts(draw, among=ANY, min_size=0):
    """Events of one letter; the provider's ids tell them apart."""
    drawn = draw(
        st.lists(
            st.tuples(
                st.sampled_from(among),
                MOMENTS,
                st.sampled_from(["", *codes.REASONS, "of another kind"]),
                st.sampled_from([None, 1, 2, 10]),
            ),
            min_size=min_size,
            max_size=12,
        )
    )
    return [
        replace(
            fact(code, hours, event_id=f"{number:02}", stage=stage),
            reason=reason if code in codes.FAILED else "",
        )
        for number, (code, hours, reason, stage) in enumerate(drawn)
    ]


@given(facts(), st.randoms())
def test_any_order_and_any_repetition_tell_the_same(events, chance):
    again = events + [chance.choice(events) for _time in range(5) if events]
    chance.shuffle(again)
    assert fold(again) == fold(events) == fold(iter(reversed(events)))


@given(facts(), facts(), st.integers())
def test_two_sources_may_interleave_as_they_like(ours, theirs, seed):
    theirs = [replace(event, event_id=f"P{event.event_id}") for event in theirs]
    mixed, left, right = [], list(ours), list(theirs)
    chance = random.Random(seed)
    while left or right:
        mixed.append(chance.choice([side for side in (left, right) if side]).pop(0))
    assert fold(mixed) == fold(theirs + ours)


@given(facts(), st.sampled_from(MOVING), MOMENTS)
def test_a_late_event_of_lower_rank_never_moves_the_letter_back(events, code, hours):
    before = fold(events).code
    assume(codes.RANKS.get(before, 0) > codes.RANKS[code])
    assert fold([*events, fact(code, hours, event_id="late")]).code == before


@given(facts(), facts(among=MOVING, min_size=1))
def test_a_letter_only_goes_forward(events, more):
    def top(told):
        return max((codes.RANKS.get(event.code, 0) for event in told), default=0)

    journey = fold(events + more)
    if journey.code in codes.RANKS:
        assert codes.RANKS[journey.code] == max(top(events), top(more))


@given(facts(), st.sampled_from(SILENT), MOMENTS)
def test_what_moves_nothing_changes_nothing(events, code, hours):
    assert fold([*events, fact(code, hours)]) == fold(events)


@given(facts())
def test_never_shown_as_delivered_when_it_came_back(events):
    journey, told = fold(events), {event.code for event in events}
    if told & codes.FAILED:
        assert journey.code in codes.FAILED
        assert not journey.delivered_at
        assert journey.reason
        assert journey.contradicted or "delivered" not in told
    else:
        assert journey.code == "delivered" or "delivered" not in told
        assert not journey.reason


@given(facts())
def test_stopped_only_when_nothing_shows_printing(events):
    journey, told = fold(events), {event.code for event in events}
    assert journey.printed == any(code in told for code in PRINTING)
    if told & set(codes.STOPPED):
        assert (journey.code in codes.STOPPED) == (not journey.printed)
        assert journey.contradicted or not journey.printed
    else:
        assert journey.code not in codes.STOPPED


@given(facts(among=[*MOVING, codes.EXCEPTION]), st.sampled_from(MOVING), MOMENTS)
def test_any_movement_ends_the_troubles_before_it(events, code, hours):
    troubles = [e.happened_at for e in events if e.code == codes.EXCEPTION]
    assume(all(moment <= at(hours) for moment in troubles))
    journey = fold([*events, fact(code, hours, event_id="move")])
    assert journey.code != codes.EXCEPTION


@given(facts(among=[*MOVING, codes.EXCEPTION]), st.integers(13, 20))
def test_a_trouble_shows_until_something_moves_or_all_is_over(events, hours):
    trouble = fact(codes.EXCEPTION, hours, event_id="trouble")
    journey = fold([*events, trouble])
    over = {"delivered", *codes.FAILED} & {event.code for event in events}
    assert (journey.code == codes.EXCEPTION) == (not over)


@given(facts())
def test_dates_are_the_first_of_their_kind(events):
    journey = fold(events)

    def first(code):
        found = [event.happened_at for event in events if event.code == code]
        return min(found, default=None)

    assert journey.posted_at == first("posted")
    assert journey.undeliverable_at == first("undeliverable")
    assert journey.returned_at == first("returned")
    if journey.code not in codes.FAILED:
        assert journey.delivered_at == first("delivered")
    aside = first("awaiting_pickup")
    assert bool(journey.pickup_until) == bool(aside)
    if aside:
        assert (journey.pickup_until - paris_day(aside)).days == 15
        assert journey.presented_at <= aside


@given(facts(), facts())
def test_more_events_never_put_a_legal_date_off(events, more):
    """But for what came back after all: its delivery is one no more."""
    more = [replace(event, event_id=f"M{event.event_id}") for event in more]
    before, after = fold(events), fold(events + more)
    names = ["posted_at", "undeliverable_at", "returned_at", "pickup_until"]
    if (before.code in codes.FAILED) == (after.code in codes.FAILED):
        names += ["presented_at", "delivered_at"]
    for name in names:
        former = getattr(before, name)
        assert former is None or getattr(after, name) <= former, name


@given(facts())
def test_it_stands_where_an_event_put_it(events):
    journey = fold(events)
    standing = [event for event in events if event.code == journey.code]
    if not journey.code:
        assert not {event.code for event in events} - set(SILENT)
        return
    assert journey.since in {event.happened_at for event in standing}
    latest = max(event.happened_at for event in standing)
    shown = {event.stage for event in standing if event.happened_at == latest}
    assert journey.stage in shown
