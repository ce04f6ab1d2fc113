r"""Answer formats: the sentence that asks for an answer, and the reader that finds it in a completion.

>>> FORMATS["tag"].find("so it is <answer> 12 </answer>")
'12'
>>> FORMATS["boxed"].find(FORMATS["boxed"].render("12"))
'12'

The last occurrence wins: a model may correct itself. Answers that stand side by side and differ
(``<answer>3</answer> or <answer>4</answer>``) contradict each other and are unreadable. Text up to the last
``</think>`` is never searched. All readers take time linear in the completion.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from gradarium.core import Verdict
from gradarium.errors import BadValue, UnknownName

MAX_ANSWER = 100_000
"""Longer answers are unreadable (characters)."""

_GAP = re.compile(r"[\s,;./|&=*:-]{0,20}(?:(?:or|and|vs|OR|AND)[\s,;./|&=*:-]{1,20})?")
_WRAPS = (("**", "**"), ("$$", "$$"), ("$", "$"), ("`", "`"), (r"\(", r"\)"), (r"\boxed{", "}"))
_LEAD = re.compile(
    r"(?:the )?(?:final )?answer(?: is)?\s{0,3}:?\s{1,3}(?=\S)|(?:the )?(?:final )?answer:", re.IGNORECASE
)


class Span(NamedTuple):
    """One occurrence of an answer in a text."""

    start: int
    end: int
    content: str


def final_part(text: str) -> str:
    """Return what follows the last ``</think>``; nothing if thinking began and never ended."""
    _, closed, rest = text.rpartition("</think>")
    return "" if "<think>" in rest else rest if closed else text


def tidy(text: str) -> str:
    """Strip white space and harmless decoration (bold, code marks, dollar signs, a fence, "Answer:")."""
    text = text.strip()
    for _ in range(4):
        before = text
        if text.startswith("```") and text.endswith("```") and "\n" in text and len(text) >= 7:
            text = text[text.index("\n") : -3].strip()
        for left, right in _WRAPS:
            inner = text[len(left) : len(text) - len(right)]
            if text.startswith(left) and text.endswith(right) and inner.strip() and left not in inner:
                text = inner.strip() if right not in inner or right == "}" else text
        lead = _LEAD.match(text)
        if lead:
            text = text[lead.end() :].strip()
        if text == before:
            break
    return text


class AnswerFormat(ABC):
    """One way of stating an answer."""

    name: ClassVar[str]

    @abstractmethod
    def ask(self, example: str) -> str:
        """Return the sentence of the prompt that asks for the answer in this format."""

    @abstractmethod
    def render(self, answer: str) -> str:
        """Return a completion that states ``answer``; ``find`` gives it back. Raises BadValue if it cannot hold it."""

    @abstractmethod
    def spans(self, text: str) -> Iterator[Span]:
        """Yield the occurrences in the final part of a completion, in order."""

    def locate(self, completion: str) -> str | Verdict:
        """Return the answer, or the verdict that says why there is none."""
        text = final_part(completion)
        last: Span | None = None
        rival: str | None = None
        for span in self.spans(text):
            if last is not None and _GAP.fullmatch(text, last.end, span.start):
                rival = last.content if last.content != span.content else rival
            else:
                rival = None
            last = span
        if last is None:
            return Verdict.missing(f"no answer found in the format {self.name!r}")
        if rival is not None:
            return Verdict.unreadable("two different answers stand side by side")
        if len(last.content) > MAX_ANSWER:
            return Verdict.unreadable(f"the answer has more than {MAX_ANSWER} characters")
        if not last.content:
            return Verdict.missing("the answer is empty")
        return last.content

    def find(self, completion: str) -> str | None:
        """Return the answer stated in ``completion``, or None."""
        found = self.locate(completion)
        return found if isinstance(found, str) else None


class Tag(AnswerFormat):
    """``<answer>...</answer>``."""

    name = "tag"
    _mark = re.compile(r"<(/?)answer>", re.IGNORECASE | re.ASCII)

    def ask(self, example: str) -> str:
        body = f"\n{example}\n" if "\n" in example else example
        return (
            "Give your final answer between <answer> and </answer>. "
            f"Example of the form (not the answer):\n<answer>{body}</answer>"
        )

    def render(self, answer: str) -> str:
        return f"<answer>\n{answer}\n</answer>" if "\n" in answer else f"<answer>{answer}</answer>"

    def spans(self, text: str) -> Iterator[Span]:
        opened: re.Match[str] | None = None
        for mark in self._mark.finditer(text):
            if not mark[1]:
                opened = mark
            elif opened is not None:
                yield Span(opened.start(), mark.end(), tidy(text[opened.end() : mark.start()]))
                opened = None


class Boxed(AnswerFormat):
    r"""``\boxed{...}`` with balanced braces."""

    name = "boxed"
    _mark = re.compile(r"\\boxed\{|[{}]")

    def ask(self, example: str) -> str:
        return f"Put your final answer in \\boxed{{}}. Example of the form (not the answer):\n\\boxed{{{example}}}"

    def render(self, answer: str) -> str:
        depth = 0
        for char in answer:
            depth += (char == "{") - (char == "}")
            if depth < 0:
                break
        if depth:
            raise BadValue("answer", answer, "its braces are not balanced; use the format 'tag'")
        return f"\\boxed{{{answer}}}"

    def spans(self, text: str) -> Iterator[Span]:
        stack: list[re.Match[str] | None] = []
        boxes = 0
        for mark in self._mark.finditer(text):
            if mark[0] == "}":
                opened = stack.pop() if stack else None
                if opened is not None:
                    boxes -= 1
                    if not boxes:
                        yield Span(opened.start(), mark.end(), tidy(text[opened.end() : mark.start()]))
            elif mark[0] == "{":
                stack.append(None)
            else:
                stack.append(mark)
                boxes += 1


class Fence(AnswerFormat):
    """A Markdown code block; the text inside is taken as it is."""

    name = "fence"
    _mark = re.compile(r"^[ ]{0,3}```[^\n`]{0,40}$", re.MULTILINE)

    def ask(self, example: str) -> str:
        return (
            "Put your final answer in one fenced code block. "
            f"Example of the form (not the answer):\n```\n{example}\n```"
        )

    def render(self, answer: str) -> str:
        if "```" in answer:
            raise BadValue("answer", answer, "it holds a code fence itself; use the format 'tag'")
        return f"```\n{answer}\n```"

    def spans(self, text: str) -> Iterator[Span]:
        opened: re.Match[str] | None = None
        for mark in self._mark.finditer(text):
            if opened is None:
                opened = mark
            elif mark[0].strip() == "```":
                yield Span(opened.start(), mark.end(), text[opened.end() + 1 : mark.start()].removesuffix("\n"))
                opened = None


class LastLine(AnswerFormat):
    """The last line that is not blank."""

    name = "last_line"

    def ask(self, example: str) -> str:
        return f"Give your final answer alone on the last line. Example of the form (not the answer):\n{example}"

    def render(self, answer: str) -> str:
        if "\n" in answer:
            raise BadValue("answer", answer, "it has several lines; use the format 'tag' or 'plain'")
        return answer

    def spans(self, text: str) -> Iterator[Span]:
        text = text.rstrip()
        start = text.rfind("\n") + 1
        if text:
            yield Span(start, len(text), tidy(text[start:]))


class AnswerLine(AnswerFormat):
    """A line that begins with ``answer:``; small models keep to it once they have seen it done."""

    name = "answer_line"
    _mark = re.compile(r"^[ \t]{0,8}(\*\*)?answer[ \t]{0,3}:(.*)$", re.IGNORECASE | re.MULTILINE | re.ASCII)

    def ask(self, example: str) -> str:
        return (
            "Give your final answer on a line of its own that begins with 'answer:'. "
            f"Example of the form (not the answer):\nanswer: {example}"
        )

    def render(self, answer: str) -> str:
        if "\n" in answer:
            raise BadValue("answer", answer, "it has several lines; use the format 'tag' or 'plain'")
        return f"answer: {answer}"

    def spans(self, text: str) -> Iterator[Span]:
        for mark in self._mark.finditer(text):
            content = mark[2].strip()
            if mark[1]:  # **answer: 12** or **answer:** 12
                content = content.removeprefix("**") if content.startswith("**") else content.removesuffix("**")
            yield Span(mark.start(), mark.end(), tidy(content))


class Plain(AnswerFormat):
    """The whole reply is the answer."""

    name = "plain"

    def ask(self, example: str) -> str:
        return f"Reply with the answer alone and nothing else. Example of the form (not the answer):\n{example}"

    def render(self, answer: str) -> str:
        return answer

    def spans(self, text: str) -> Iterator[Span]:
        if text.strip():
            yield Span(0, len(text), tidy(text))


FORMATS: dict[str, AnswerFormat] = {f.name: f for f in (Tag(), Boxed(), Fence(), LastLine(), AnswerLine(), Plain())}


def get_format(name: str) -> AnswerFormat:
    """Return the format of that name; raises UnknownName."""
    if name not in FORMATS:
        raise UnknownName("answer format", name, FORMATS)
    return FORMATS[name]
