"""Abstention (TruthRL, arXiv 2509.25760): how a prompt offers it, and how a completion takes it.

An abstention is one of ``PHRASES`` as the whole answer, stated in the format that was asked for. Text around the answer
is not looked at, so a model that doubts aloud and then answers has answered; and an answer that the verifier accepts is
right whatever it says (``rewards.pay``).
"""

from gradarium.verifiers import get_format

PHRASES = ("i don't know", "i do not know", "i dont know")
"""Compared without regard to case, surrounding quotes and full stops; nothing shorter, for "unknown" and "?" are
answers of some tasks."""

OFFER = (
    "If you are not sure, you may give the words I don't know as your answer, in the same form as any other answer. "
    "That is better than a wrong answer and worse than a right one."
)
OFFER_BRIEF = "or: I don't know"


def abstains(text: str, answer_format: str) -> bool:
    """Tell whether the answer that a completion states is an abstention.

    >>> abstains("Hard to say. <answer>I don't know.</answer>", "tag"), abstains("I don't know", "tag")
    (True, False)
    """
    answer = get_format(answer_format).find(text)
    if answer is None or len(answer) > 40:
        return False
    answer = answer.removeprefix("\\text{").removesuffix("}")  # so models put words into a box
    plain = answer.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").strip().strip("\"'`.!").strip()
    return " ".join(plain.casefold().split()) in PHRASES
