"""Text in the reader's language: every sentence an inspector reads exists in Chinese and in English."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


@dataclass(frozen=True)
class Text:
    """One sentence in both languages; ``{name}`` places are filled by :meth:`fill`."""

    zh: str
    en: str

    def into(self, language: str) -> str:
        """The sentence in ``language`` (``zh`` or ``en``)."""
        return self.zh if language == "zh" else self.en

    def fill(self, **values: Any) -> Text:
        """The same sentence with its places filled, in both languages."""
        words_by_language = {
            language: {k: v.into(language) if isinstance(v, Text) else v for k, v in values.items()}
            for language in LANGUAGES
        }
        return Text(self.zh.format(**words_by_language["zh"]), self.en.format(**words_by_language["en"]))


class Speaker:
    """Who speaks to an inspector in one language."""

    language: str

    def say(self, text: Text, **values: Any) -> str:
        """``text`` in the speaker's language, its places filled."""
        return text.fill(**values).into(self.language)


def with_count(count: int, noun: str, nouns: str = "") -> str:
    """``1 row``, ``2 rows``: a number and its noun in English."""
    return f"{count:,} {noun if count == 1 else nouns or noun + 's'}"
