"""Mixtures: what groups mean, and every mistake in one is one clear line."""

import json
import tomllib

import pytest

from gradarium.errors import GradariumError
from gradarium.generators import all_tasks, get_task
from gradarium.trainers.config import RunConfig, TaskEntry
from gradarium.trainers.mixture import answer_format_of, check_mixture, expand, tasks_of

LOGIC = [task.name for task in all_tasks("logic")]
SHORT = [task.name for task in all_tasks() if len(task.levels) == 7]


def entries(text):
    return [part.entry for part in expand(tomllib.loads(text)["task"])]


def shares(found):
    total = sum(entry.get("weight", 1.0) for entry in found)
    return {entry["name"]: entry.get("weight", 1.0) / total for entry in found}


def test_a_single_task_is_handed_on():
    [entry] = entries('[[task]]\nname = "sudoku"\nlevels = [2, 0]\nweight = 3\nanswer_format = "boxed"')
    assert entry == {"name": "sudoku", "levels": [2, 0], "weight": 3, "answer_format": "boxed"}
    assert entries('[[task]]\nname = "sudoku"') == [{"name": "sudoku", "levels": [0]}]


@pytest.mark.parametrize(
    ("text", "levels"),
    [("0-3", [0, 1, 2, 3]), ("0,2-4", [0, 2, 3, 4]), ("all", list(range(8))), ("5", [5]), (" 3 , 1-2,2 ", [1, 2, 3])],
)
def test_levels_as_text(text, levels):
    for name in ("sudoku", "family:logic"):
        assert all(entry["levels"] == levels for entry in entries(f'[[task]]\nname = "{name}"\nlevels = "{text}"'))


def test_a_group_is_its_tasks_and_its_weight_is_theirs_together():
    found = entries('[[task]]\nname = "family:logic"\nlevels = "1-2"\nweight = 3\n[[task]]\nname = "sudoku"')
    assert [entry["name"] for entry in found] == [*LOGIC, "sudoku"]
    assert all(entry["levels"] == [1, 2] for entry in found[:-1])
    assert shares(found) == pytest.approx({**{name: 0.75 / len(LOGIC) for name in LOGIC}, "sudoku": 0.25})


def test_groups_by_tag_and_all():
    tagged = {task.name for task in all_tasks(tag="enigmata")}
    assert {entry["name"] for entry in entries('[[task]]\nname = "tag:enigmata"')} == tagged
    assert {entry["name"] for entry in entries('[[task]]\nname = "all"')} == {task.name for task in all_tasks()}
    assert [task.name for task in tasks_of("sudoku")] == ["sudoku"]


@pytest.mark.parametrize("first", [True, False])
def test_a_table_of_its_own_takes_a_task_out_of_its_group(first):
    own = '[[task]]\nname = "folio"\nlevels = [5]\nweight = 1\n'
    group = '[[task]]\nname = "family:logic"\nweight = 4\n'
    found = entries(own + group if first else group + own)
    assert sorted(entry["name"] for entry in found) == LOGIC
    assert [entry["levels"] for entry in found if entry["name"] == "folio"] == [[5]]
    wanted = {name: 0.8 / (len(LOGIC) - 1) for name in LOGIC}
    assert shares(found) == pytest.approx({**wanted, "folio": 0.2})


def test_exclude_takes_tasks_and_groups():
    found = entries('[[task]]\nname = "all"\nexclude = ["family:puzzles", "folio"]')
    assert {entry["name"] for entry in found} == {t.name for t in all_tasks() if t.family != "puzzles"} - {"folio"}
    assert all("exclude" not in entry for entry in found)
    assert sum(entry["weight"] for entry in found) == pytest.approx(1.0)


def test_groups_that_meet_may_when_what_they_share_is_left_out_or_named():
    tables = '[[task]]\nname = "family:{}"\n[[task]]\nname = "tag:{}"\n{}'
    shared = {t.name for t in all_tasks("logic") if "enigmata" in t.tags}
    assert shared
    apart = entries(tables.format("logic", "enigmata", 'exclude = ["family:logic"]'))
    assert len(apart) == len({entry["name"] for entry in apart})
    named = "".join(f'[[task]]\nname = "{name}"\n' for name in sorted(shared))
    assert len(entries(tables.format("logic", "enigmata", named))) == len(apart)


def test_a_range_is_cut_to_the_ladders_of_a_group():
    parts = {part.entry["name"]: part for part in expand([{"name": "family:puzzles", "levels": "5-7"}])}
    short = set(SHORT) & set(parts)
    assert short and {name for name, part in parts.items() if part.cut} == short
    for name, part in parts.items():
        assert part.entry["levels"] == ([5, 6] if name in short else [5, 6, 7])
        assert part.cut == ((7,) if name in short else ())
        assert part.table == "family:puzzles"


def test_whatever_belongs_to_others_is_handed_on():
    found = expand([{"name": "family:logic", "reward": {"format": 0.5}, "answer_format": "boxed"}])
    assert all(part.entry["reward"] == {"format": 0.5} and part.entry["answer_format"] == "boxed" for part in found)


MISTAKES = {
    "unknown task": ('name = "sudku"', "unknown task 'sudku': did you mean 'sudoku'?"),
    "family without its word": ('name = "logic"', "task = 'logic': is a family, not a task; write \"family:logic\""),
    "tag without its word": ('name = "enigmata"', 'is a tag, not a task; write "tag:enigmata"'),
    "unknown family": ('name = "family:puzles"', "unknown family 'puzles': did you mean 'puzzles'?"),
    "unknown tag": ('name = "tag:enigmatta"', "unknown tag 'enigmatta': did you mean 'enigmata'?"),
    "unknown kind": ('name = "famly:logic"', "unknown kind of group 'famly': did you mean 'family'?"),
    "no name": ("levels = [0]", "task[0].name = None: must name a task"),
    "name of another type": ("name = 3", "task[0].name = 3: must name a task"),
    "unknown option": (
        'name = "family:logic"\nexlude = ["folio"]',
        "unknown option of task[0] 'exlude': did you mean 'exclude'?",
    ),
    "unknown option of a task": ('name = "sudoku"\nlevel = [0]', "did you mean 'levels'?"),
    "negative weight": ('name = "family:logic"\nweight = -1', "task family:logic: weight = -1.0: must be above 0"),
    "no weight": ('name = "family:logic"\nweight = 0', "task family:logic: weight = 0.0: must be above 0"),
    "infinite weight": ('name = "family:logic"\nweight = inf', "weight = inf: must be at most 1e+09"),
    "sums that overflow": ('name = "sudoku"\nweight = 1e308', "task sudoku: weight = 1e+308: must be at most 1e+09"),
    "endless weight": (f'name = "family:logic"\nweight = 1{"0" * 400}', "must be at most 1e+09"),
    "weight as text": ('name = "family:logic"\nweight = "2"', "task family:logic: weight = '2': must be a number"),
    "true as weight": ('name = "family:logic"\nweight = true', "weight = True: must be a number"),
    "negative weight of a task": ('name = "sudoku"\nweight = -1.0', "task sudoku: weight = -1.0: must be above 0"),
    "unknown format": (
        'name = "family:logic"\nanswer_format = "boxd"',
        "unknown answer format 'boxd': did you mean 'boxed'?",
    ),
    "range backwards": (
        'name = "family:logic"\nlevels = "3-1"',
        "task family:logic: levels = '3-1': the range 3-1 runs backwards; write 1-3",
    ),
    "range in words": ('name = "sudoku"\nlevels = "first"', "task sudoku: levels = 'first': must be a number such as"),
    "range without end": ('name = "sudoku"\nlevels = "2-"', "a range such as 0-2"),
    "range far too long": ('name = "all"\nlevels = "0-9999"', "no ladder has a level 9999"),
    "levels of another type": ('name = "family:logic"\nlevels = 3', "levels = 3: must be a list such as [0, 1]"),
    "level as text": ('name = "sudoku"\nlevels = ["1"]', "levels = ['1']: must be a list"),
    "true as level": ('name = "sudoku"\nlevels = [true]', "must be a list"),
    "negative level": ('name = "family:logic"\nlevels = [-1]', "levels = [-1]: must be a list"),
    "no levels": ('name = "family:logic"\nlevels = []', "levels = []: must name each level once, at least one"),
    "level twice": ('name = "family:logic"\nlevels = [1, 1]', "levels = [1, 1]: must name each level once"),
    "level that one task lacks": ('name = "sudoku"\nlevels = "6-8"', "unknown level of sudoku '8'"),
    "level that a whole ladder lacks": (
        'name = "family:puzzles"\nlevels = [7]',
        f"task family:puzzles: levels = [7]: {SHORT[0]} has none of them, only 0-6; exclude it or give it a table",
    ),
    "level that all lack": ('name = "family:logic"\nlevels = "8-9"', f"{LOGIC[0]} has none of them, only 0-7"),
    "exclude in a task": (
        'name = "sudoku"\nexclude = ["sudoku"]',
        "task sudoku: exclude = ['sudoku']: only a group has tasks",
    ),
    "exclude of a stranger": (
        'name = "family:logic"\nexclude = ["sudoku"]',
        "task family:logic: exclude = 'sudoku': is not in family:logic",
    ),
    "exclude of nothing": ('name = "family:logic"\nexclude = ["folo"]', "unknown task 'folo': did you mean 'folio'?"),
    "exclude as text": ('name = "family:logic"\nexclude = "folio"', "exclude = 'folio': must be a list of tasks"),
    "everything excluded": (
        'name = "family:logic"\nexclude = ["family:logic"]',
        "task = 'family:logic': is empty: exclude leaves it no task",
    ),
    "everything stands alone": (
        'name = "family:logic"\n' + "\n".join(f'[[task]]\nname = "{name}"' for name in LOGIC),
        "task = 'family:logic': is empty: each of its tasks has a table of its own; leave the group out",
    ),
    "task twice": ('name = "sudoku"\n[[task]]\nname = "sudoku"', "task = 'sudoku': stands twice in the mixture"),
    "group twice": (
        'name = "family:logic"\n[[task]]\nname = "family:logic"',
        "task = 'family:logic': stands twice in the mixture; put both into one table",
    ),
    "groups that meet": (
        'name = "family:logic"\n[[task]]\nname = "all"',
        f"task = 'all': shares {', '.join(LOGIC[:4])} and {len(LOGIC) - 4} more with family:logic: "
        'write exclude = ["family:logic"] in the table of all, or give these tasks tables of their own',
    ),
    "a group inside another": (
        'name = "all"\n[[task]]\nname = "family:sat"',
        "task = 'family:sat': shares sat_assignment, sat_unsat_core with all: "
        'write exclude = ["family:sat"] in the table of all',
    ),
}


@pytest.mark.parametrize(("text", "words"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes(text, words):
    with pytest.raises(GradariumError) as caught:
        check_mixture(
            [TaskEntry(**{**entry, "levels": tuple(entry["levels"])}) for entry in entries(f"[[task]]\n{text}")]
        )
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        ({"name": "sudoku"}, "write [[task]], with two brackets"),
        (["sudoku"], "task[0] = 'sudoku': must be a table"),
    ],
)
def test_what_is_no_list_of_tables(tables, words):
    with pytest.raises(GradariumError) as caught:
        expand(tables)
    assert words in str(caught.value)


def test_an_empty_mixture_is_told():
    with pytest.raises(GradariumError, match="the mixture is empty"):
        check_mixture([])


def test_the_format_of_a_task_goes_before_that_of_the_run():
    config = RunConfig(answer_format="plain", task=(TaskEntry("sudoku", answer_format="boxed"), TaskEntry("folio")))
    assert [answer_format_of(config, name) for name in ("sudoku", "folio", "maze")] == ["boxed", "plain", "plain"]
    assert answer_format_of(RunConfig(task=(TaskEntry("folio"),)), "folio") is None


# From here on with the trainer.

GROUPED = """
out = "{out}"
seed = 3
checkpoint_every = 1
[model]
width = 16
layers = 1
heads = 2
threads = 1
[warm_start]
steps = 1
batch = 4
check_every = 1
check_count = 2
[grpo]
steps = 2
prompts = 4
group = 2
max_new_tokens = 4
[judge]
workers = 0
[evaluation]
count = 2
[prompts]
templates = 8
[[task]]
name = "family:mathematics"
exclude = ["number_sequence", "number_filtering"]
answer_format = "boxed"
[[task]]
name = "chain_arithmetic"
levels = "0-1"
answer_format = "plain"
weight = 2
"""


@pytest.fixture
def grouped(tmp_path):
    pytest.importorskip("torch")
    path = tmp_path / "mixture.toml"
    path.write_text(GROUPED.replace("{out}", (tmp_path / "run").as_posix()), encoding="utf-8")
    return path


def test_a_file_with_groups_is_a_configuration_of_single_tasks(grouped, tmp_path):
    from gradarium.trainers.config_file import load_config, to_dict

    config = load_config(grouped)
    assert [(e.name, e.levels, e.weight, e.answer_format) for e in config.task] == [
        ("linear_equation_system", (0,), 0.5, "boxed"),
        ("number_sorting", (0,), 0.5, "boxed"),
        ("chain_arithmetic", (0, 1), 2.0, "plain"),
    ]
    by_hand = tmp_path / "by_hand.toml"
    head = grouped.read_text(encoding="utf-8").partition("[[task]]")[0]
    tables = [
        f"[[task]]\n{''.join(f'{k} = {json.dumps(v)}' + chr(10) for k, v in written(e).items())}" for e in config.task
    ]
    by_hand.write_text(head + "\n".join(tables), encoding="utf-8")
    assert load_config(by_hand) == config
    assert json.loads(json.dumps(to_dict(load_config(by_hand)))) == json.loads(json.dumps(to_dict(config)))


def written(entry):
    return {"name": entry.name, "levels": entry.levels, "weight": entry.weight, "answer_format": entry.answer_format}


def test_formats_reach_training(grouped):
    from gradarium.trainers.config_file import load_config
    from gradarium.trainers.data import Arm
    from gradarium.trainers.rollouts import pose_batch

    drawn = [(Arm("number_sorting", 0), 0), (Arm("chain_arithmetic", 1), 0)]
    assert [i.answer_format for i in pose_batch(drawn, load_config(grouped))] == ["boxed", "plain"]
    assert get_task("number_sorting").answer_format == "tag"


def test_templates_reach_training_and_the_warm_start(grouped, tiny, monkeypatch):
    from types import SimpleNamespace

    from gradarium.envs.prompts import render_prompt
    from gradarium.envs.templates import choose_template
    from gradarium.trainers.config_file import load_config
    from gradarium.trainers.data import Arm
    from gradarium.trainers.models import decode, encode_for_run
    from gradarium.trainers.rollouts import pose_batch
    from gradarium.trainers.supervised import warm_start

    config = load_config(grouped)
    instances = pose_batch([(Arm("chain_arithmetic", 0), i) for i in range(40)], config)
    prompts = [encode_for_run(tiny[1], instance, config) for instance in instances]
    chosen = [choose_template(instance, range(8), config.seed) for instance in instances]
    assert set(chosen) == set(range(8))
    for prompt, instance, template in zip(prompts, instances, chosen, strict=True):
        assert decode(tiny[1], prompt) == render_prompt(instance, template=template)
    seen = []
    monkeypatch.setattr(warm_start, "supervised_step", lambda learner, prompts, answers: seen.extend(prompts) or {})
    warm_start.warm_start_step(SimpleNamespace(config=config, tokenizer=tiny[1]), instances)
    assert seen == prompts


def test_formats_and_templates_reach_evaluation(tiny):
    from gradarium.envs.prompts import render_prompt
    from gradarium.envs.templates import held_out
    from gradarium.trainers.data import Arm, Completion
    from gradarium.trainers.engines import Sampling
    from gradarium.trainers.evaluate import evaluate
    from gradarium.trainers.models import decode, encode_answer

    model, tokenizer = tiny
    arms = [Arm("chain_arithmetic", 0), Arm("number_sorting", 0)]
    asked = []

    class Boxes:
        def __init__(self):
            self.model = model

        def generate(self, prompts, samples, sampling, generator):
            task = get_task(arms[len(asked) // 3].task)
            asked.extend(decode(tokenizer, prompt) for prompt in prompts)
            texts = [f"\\boxed{{{task.pose(i, 0, 'test').reference}}}" for i in range(len(prompts))]
            ids = [encode_answer(tokenizer, text) for text in texts]
            return [[Completion(row, [0.0] * len(row), "stop")] for row in ids]

    formats = {"chain_arithmetic": "tag", "number_sorting": "boxed"}
    results = evaluate(
        Boxes(),
        tokenizer,
        arms,
        count=3,
        samples=1,
        sampling=Sampling(8),
        answer_format=formats,
        templates=held_out(8),
    )
    assert [(r.success, r.missing) for r in results] == [(0.0, 1.0), (1.0, 0.0)]
    posed = [get_task(arm.task).pose(i, 0, "test", answer_format=formats[arm.task]) for arm in arms for i in range(3)]
    for text, instance in zip(asked, posed, strict=True):
        assert text in [render_prompt(instance, template=t) for t in held_out(8)]


def test_a_run_of_groups_and_its_resumption(grouped, tmp_path):
    from gradarium.trainers.config_file import load_config
    from gradarium.trainers.run import train

    config = load_config(grouped)
    results = train(config)
    arms = ["linear_equation_system/0", "number_sorting/0", "chain_arithmetic/0", "chain_arithmetic/1"]
    assert [f"{r.task}/{r.level}" for r in results["grpo"]] == arms
    samples = [json.loads(line) for line in (tmp_path / "run" / "samples.jsonl").read_text().splitlines()]
    assert samples
    for sample in samples:
        entry = next(e for e in config.task if e.name == sample["arm"].split("/")[0])
        assert sample["answer_format"] == entry.answer_format
    assert train(load_config(grouped), resume=True) == results
    changed = grouped.read_text(encoding="utf-8").replace(
        '"number_filtering"]', '"number_filtering", "number_sorting"]'
    )
    grouped.write_text(changed, encoding="utf-8")
    with pytest.raises(GradariumError, match="another configuration"):
        train(load_config(grouped), resume=True)


@pytest.mark.parametrize(
    ("formats", "ends"), [(("answer_line", ""), True), (("", ""), True), (("tag", ""), False), (("tag", "tag"), False)]
)
def test_a_line_break_ends_an_answer_only_where_every_task_answers_in_a_line(tiny, formats, ends):
    import copy

    from gradarium.trainers.models import end_ids

    model, tokenizer = tiny
    plain = copy.deepcopy(tokenizer)
    plain.chat_template = None
    entries = tuple(TaskEntry(name, answer_format=f) for name, f in zip(("sudoku", "folio"), formats, strict=True))
    config = RunConfig(shots=1, answer_format="answer_line", task=entries)
    [newline] = plain("\n").input_ids
    assert (newline in end_ids(model, plain, config)) is ends


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("templates = 0", "prompts.templates = 0: must be at least 1"),
        ("templates = 99", "prompts.templates = 99: must be at most 12"),
        ('templates = "8"', "prompts.templates = '8': must be int"),
        ("template = 8", "unknown option of prompts 'template': did you mean 'templates'?"),
    ],
)
def test_mistakes_about_templates(grouped, line, words):
    from gradarium.trainers.config_file import load_config

    grouped.write_text(grouped.read_text(encoding="utf-8").replace("templates = 8", line), encoding="utf-8")
    with pytest.raises(GradariumError) as caught:
        load_config(grouped)
    assert words in str(caught.value)


def test_brief_prompts_have_one_form(grouped):
    from gradarium.trainers.config_file import load_config

    with pytest.raises(GradariumError, match="the style 'brief' has one form; set style"):
        load_config(grouped, ["--style", "brief"])
