"""Search words of a Chinese name 检索词: prefixes, pairs of characters, pinyin and its initials."""

from webapp.domain.people import LONGEST_SEARCH, search_word


def tokens(name: str) -> list[str]:
    """Every word under which a name is found, exact on both databases; two-character names included."""
    from pypinyin import lazy_pinyin

    plain = search_word(name)
    words = {plain[:end] for end in range(1, len(plain) + 1)}
    words |= {plain[start : start + 2] for start in range(len(plain) - 1)}
    words |= {plain[start:] for start in range(1, len(plain))}
    syllables = [one.lower() for one in lazy_pinyin(plain)]
    whole, initials = "".join(syllables), "".join(one[0] for one in syllables if one)
    words |= {whole[:end] for end in range(1, len(whole) + 1)}
    words |= {initials[:end] for end in range(1, len(initials) + 1)}
    return sorted(word[:LONGEST_SEARCH] for word in words if word)
