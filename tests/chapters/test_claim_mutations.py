"""claim_mutations.yml: what python -m book.authoring.claim_mutations tries, which .ci/run does."""

import pytest

from book.authoring.claim_mutations import read_mutations
from book.authoring.claims import read_claims, tagged_cells
from book.authoring.environment import ROOT

MUTATIONS = read_mutations(ROOT)


def shown_claims():
    """The ids of the claims of the kind *shown*."""
    return {claim.id for claim in read_claims(ROOT / "book" / "claims.yml") if claim.kind == "shown"}


def test_every_shown_claim_with_a_cell_has_its_mutation():
    assert {mutation.claim for mutation in MUTATIONS} == shown_claims() & set(tagged_cells(ROOT))


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: f"{mutation.claim} {mutation.name}")
def test_what_a_mutation_changes_stands_once_in_its_file(mutation):
    text = (ROOT / mutation.file).read_text("utf-8")
    assert mutation.applied(text) != text
