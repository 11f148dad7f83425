"""Uploads: the fields beside the files, and the files brought to disk under harmless names."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from fastapi import Depends, File, Form, UploadFile

from graph_service.api.deps import State
from graph_service.api.jobs import LoadJob
from graph_service.errors import DataError, InvalidParameter
from graph_service.model.grades import parse_grade
from graph_service.model.scope import Caller
from loaders.run import LoadOptions

_UNSAFE = re.compile(r"[^\w.,()\[\]+ -]+")
_READY = re.compile(r"[\w-]*")
_LONGEST_NAME = 60  # characters, of four bytes at the most, where file systems take 255 bytes
_PIECE = 1 << 20


class SaidForm:
    """The fields that say what holds of the records."""

    def __init__(
        self,
        grade: Annotated[str, Form(description="Of records that say none, such as B2")] = "",
        marking: Annotated[list[str] | None, Form(description="Added to every record")] = None,
        *,
        check: Annotated[bool, Form(description="Everything but writing")] = False,
    ) -> None:
        self.grade, self.marking, self.check = grade, frozenset(marking or ()), check


class LoadForm:
    """The fields of an upload, the same as the options of the command ``load``."""

    def __init__(
        self,
        said: Annotated[SaidForm, Depends()],
        format: Annotated[str, Form(description="One of the loaders' formats; found when left out")] = "",  # noqa: A002  # the name of the form's field
        mapping: Annotated[str, Form(description="A ready mapping, by name")] = "",
        mapping_file: Annotated[UploadFile | None, File(description="A mapping of your own (TOML)")] = None,
        encoding: Annotated[str, Form(max_length=40, description="Of the files; found when left out")] = "",
        source: Annotated[str, Form(max_length=200, description="All files become one source of this name")] = "",
    ) -> None:
        self.said, self.format, self.mapping = said, format, mapping
        self.mapping_file, self.encoding, self.source = mapping_file, encoding, source

    def options(self, mapping: Path | None, rejects: Path) -> LoadOptions:
        """How to load; raises InvalidParameter. ``mapping`` is the mapping that was uploaded, if one was."""
        if mapping is None and not _READY.fullmatch(self.mapping):
            raise InvalidParameter("a mapping is named as a ready one is, without folders and ending; or upload a file")
        try:
            return LoadOptions(
                format=self.format or None,
                mapping=mapping or self.mapping or None,
                source_name=self.source or None,
                grade=parse_grade(self.said.grade),
                markings=self.said.marking,
                encoding=self.encoding or None,
                check_only=self.said.check,
                rejects=rejects,
            )
        except DataError as error:
            raise InvalidParameter(str(error)) from error


def begin(files: Sequence[UploadFile], form: LoadForm, state: State, caller: Caller) -> LoadJob:
    """Bring the files to disk and begin to load them."""
    form.options(Path(), state.settings.graph_rejects)  # refused before anything is copied
    folder = state.jobs.folder()
    try:
        paths = [_copied(file, folder / f"{number}") for number, file in enumerate(files)]
        mapping = _copied(form.mapping_file, folder / "mapping", ending=".toml") if form.mapping_file else None
        return state.jobs.start(folder, paths, form.options(mapping, state.settings.graph_rejects), caller)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _copied(upload: UploadFile, folder: Path, ending: str = "") -> Path:
    """The file under its own name, as far as that is harmless, in a folder of its own."""
    folder.mkdir()
    path = folder / (safe_name(upload.filename or "").removesuffix(ending) + ending)
    with path.open("wb") as copy:
        shutil.copyfileobj(upload.file, copy, _PIECE)
    return path


def safe_name(name: str) -> str:
    """A file name as it may stand on this machine: without folders, hidden beginnings and control characters."""
    last = re.split(r"[/\\]", name)[-1]
    return _UNSAFE.sub("_", last).lstrip(". ")[-_LONGEST_NAME:] or "upload"
