"""Unlicensed operation of the synthetic bureau: stages in their order, some that rest, and some who open again."""


def test_stages_follow_one_another_and_only_merchants_without_a_licence_have_them(database):
    steps = database.execute(
        """
        select merchant_id, stage, occurred_at, lag(stage) over (partition by merchant_id order by occurred_at) as before
        from unlicensed_event semi join (select merchant_id from merchant where kind = 'unlicensed') using (merchant_id)
        """
    ).fetchall()
    assert len(steps) == database.execute("select count(*) from unlicensed_event").fetchall()[0][0] > 50
    usual = "patrol found recorded disposed rechecked copied investigated reported_back".split()
    allowed = {(None, "patrol"), ("rechecked", "found"), ("found", "disposed"), *zip(usual, usual[1:], strict=False)}
    assert {(before, stage) for _merchant, stage, _at, before in steps} == allowed


def test_some_open_again_some_rest_and_some_are_done(database):
    courses = [
        tuple(stages)
        for (stages,) in database.execute(
            "select list(stage order by occurred_at) from unlicensed_event group by merchant_id"
        ).fetchall()
    ]
    assert [course for course in courses if course.count("found") >= 3]
    assert [course for course in courses if course[-1] == "reported_back"]
    assert [course for course in courses if course[-1] == "recorded"]
    disposals = database.execute(
        "select count(*) filter (where (stage = 'disposed') <> (disposal is not null)) from unlicensed_event"
    ).fetchall()
    assert disposals == [(0,)]
