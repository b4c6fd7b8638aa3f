"""What the panels of one sitting share: the run, who sits there, what is filtered and chosen, what may be seen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import traitlets

from auditlib.base.language import Speaker
from auditlib.base.run_folder import whole_manifest
from auditlib.workbench.list_filter import ListFilter
from auditlib.workbench.shown import Labels, scheme_titles
from auditlib.workbench.stored import StoredFindings


class Session(Speaker, traitlets.HasTraits):
    """Panels observe it and set it; none of them knows another panel."""

    run = traitlets.Any(
        None, allow_none=True, help="RunTables of the run that is open, None where there are none"
    )
    folder = traitlets.Instance(Path, allow_none=True, help="the run's folder")
    stored = traitlets.Instance(StoredFindings, allow_none=True, help="the run's findings, to be queried")
    labels = traitlets.Instance(Labels, help="the words for the run's codes")
    manifest = traitlets.Dict(help="the run's manifest")
    language = traitlets.Enum(("zh", "en"), "zh")
    unmasked = traitlets.Bool(False, help="names and numbers are shown in full, for this session alone")
    who = traitlets.Unicode("", help="the inspector, as decisions are signed")
    finding_id = traitlets.Unicode("", help="the finding that is looked at")
    person_id = traitlets.Unicode("", help="the pupil whose file is open; empty: the one of the finding")
    source = traitlets.Unicode(
        "", help="a row that a finding rests on, ``table:file!sheet!row``, to be shown as it stands"
    )
    list_filter = traitlets.Instance(ListFilter, args=(), help="what is filtered and sorted")
    ticked = traitlets.Tuple(help="finding_ids ticked in the list")
    panels = traitlets.Tuple(help="the keys of the panels that there are")
    panel = traitlets.Unicode("overview", help="the panel in front, by its key")
    decided = traitlets.Int(
        0, help="counts up with every decision written, so that what shows decisions looks again"
    )

    @traitlets.default("labels")
    def _labels(self) -> Labels:
        return Labels("zh")

    def open(self, folder: Path) -> None:
        """The run in ``folder``, with nothing filtered or chosen, and masked again.

        Raises AuditError where it cannot be opened; the run that was open stays open then.
        """
        manifest = whole_manifest(folder)
        stored_findings = StoredFindings(folder, lambda: self.unmasked)
        stored_findings.describe(self.language)
        if whole_manifest(folder) != manifest:  # put in place between the two
            return self.open(folder)
        self.choose(
            folder=folder,
            stored=stored_findings,
            manifest=manifest,
            labels=Labels(self.language, scheme_titles(manifest), str(manifest.get("term", ""))),
            list_filter=ListFilter(),
            finding_id="",
            person_id="",
            source="",
            ticked=(),
            unmasked=False,
        )

    def speak(self, language: str) -> None:
        """From now on in ``language``."""
        self.choose(language=language, labels=Labels(language, self.labels.schemes, self.labels.term))
        if self.stored:
            self.stored.describe(language)

    def choose(self, **traits: Any) -> None:
        """Several changes at once, told once."""
        with self.hold_trait_notifications():
            for name, value in traits.items():
                setattr(self, name, value)
