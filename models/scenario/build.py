"""What scenario files describe, as models and worlds."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from models.model import Model, World
from models.scenario.document import Document, read_document
from models.scenario.expect import Store, property_of
from models.scenario.file import Scenario, scenario_in
from models.scenario.soma import SOMA, SomaScenario, is_about_soma, soma_scenario_in
from models.soma_worlds import certified_once, soma_reference, soma_world
from models.worlds import Setting, anoma_world, reported, standard_properties
from properties.anoma.claims import witnesses
from properties.property import Property
from properties.soma.authority import AUTHORITIES
from properties.soma.claims import soma_witnesses
from properties.soma.execution import newest_versions

NEWEST_VERSIONS = Store(AUTHORITIES, newest_versions)
"""The newest version of each object, which AuthorityState keeps."""


def load_scenario(file: str) -> Model:
    """The model that a scenario file describes; a ScenarioError where it describes none."""
    document = read_document(file)
    if is_about_soma(document):
        return soma_model(soma_scenario_in(document))
    scenario = scenario_in(document)
    return Model(
        name=file,
        system=scenario.system,
        sentence=sentence_of(scenario.setting),
        parameters=(),
        build=partial(_built, scenario),
    )


def world_in(document: Document) -> World:
    """The world that a scenario file describes, of whatever system; a ScenarioError where it describes none."""
    if is_about_soma(document):
        return soma_world_of(soma_scenario_in(document))
    return world_of(scenario_in(document))


def soma_model(scenario: SomaScenario) -> Model:
    """The model that a scenario about Soma is."""
    given = scenario.setting.circumstances
    count = counted(len(certified_once(given)), "transaction")
    return Model(
        name=scenario.file,
        system=SOMA,
        sentence=f"{count} in {counted(len(given.epochs) + 1, 'epoch')} of Soma.",
        parameters=(),
        build=partial(_soma_built, scenario),
    )


def soma_world_of(scenario: SomaScenario) -> World:
    """The world that a scenario about Soma describes, with all that is judged in it."""
    setting = scenario.setting
    start = {str(name): 0 for each in scenario.expectations for name in each.keys}
    return soma_world(
        setting,
        (
            *soma_witnesses(setting.circumstances, soma_reference(setting)),
            *(property_of(each, start, NEWEST_VERSIONS) for each in scenario.expectations),
        ),
    )


def world_of(scenario: Scenario) -> World:
    """The world that a scenario describes, with all that is judged in it."""
    return anoma_world(scenario.setting, properties_of(scenario))


def properties_of(scenario: Scenario) -> tuple[Property, ...]:
    """What is judged: what must hold of every run, what some run must show, what the author expects."""
    setting, start = scenario.setting, reported(scenario.setting)
    return (
        *standard_properties(setting),
        *witnesses(tuple(each.candidate for each in setting.transactions), setting.genesis),
        *(property_of(expectation, start) for expectation in scenario.expectations),
    )


def sentence_of(setting: Setting) -> str:
    """What a scenario is about, in one sentence."""
    transactions = counted(len(setting.transactions), "transaction")
    keys = counted(len(reported(setting)), "key")
    shards = counted(len(setting.placement.shards), "shard")
    return f"{transactions} over {keys} on {shards}."


def counted(number: int, noun: str) -> str:
    """A number of things in words: `1 key`, `2 keys`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _soma_built(scenario: SomaScenario, _parameters: Mapping[str, Any]) -> World:
    return soma_world_of(scenario)


def _built(scenario: Scenario, _parameters: Mapping[str, Any]) -> World:
    return world_of(scenario)
