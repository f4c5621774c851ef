"""``python3 -m webapp.cli.bootstrap WORD``: the one entry behind every word of the Makefile."""

import sys

from webapp.cli.bootstrap import floor, speech


def main(arguments):  # type: ignore[no-untyped-def]
    """Carry out one word; the exit code is 0, 1 for a sentence, 130 when interrupted."""
    speech.make_printable()
    try:
        floor.require_python()
        from webapp.cli.bootstrap import words

        return words.carry_out(arguments)
    except speech.Stop as stop:
        speech.complain(str(stop))
        return 1
    except OSError as error:
        speech.complain(
            "系统拒绝了一步操作（" + str(error) + "）：请检查磁盘空间和文件权限，再重新运行。"
            " The system refused a step (see the brackets): check disk space and file permissions, run again."
        )
        return 1
    except KeyboardInterrupt:
        speech.complain("已中断，下次运行会自动接着做。 Interrupted; the next run picks up from here.")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
