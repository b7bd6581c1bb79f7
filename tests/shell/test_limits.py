import attrs
import pytest
from dragoman.io.config import ConfigError, load
from dragoman.io.http import Limits, UpstreamLimits
from dragoman.io.listing import listing
from dragoman.io.settings import ServerConfig, limits_of

RECORDS = (Limits, UpstreamLimits)
SETTINGS = {
    (record, field.metadata[record]): field
    for record in RECORDS
    for field in attrs.fields(ServerConfig)
    if record in field.metadata
}


@pytest.mark.parametrize("record", RECORDS)
def test_every_limit_of_the_edge_is_a_setting(record):
    assert {name for owner, name in SETTINGS if owner is record} == {field.name for field in attrs.fields(record)}


@pytest.mark.parametrize("record", RECORDS)
def test_without_settings_the_edge_has_its_own_defaults(record):
    assert limits_of(record, ServerConfig()) == record()


@pytest.mark.parametrize(("record", "name"), SETTINGS, ids=[field.name for field in SETTINGS.values()])
def test_a_setting_reaches_the_limit_it_names_and_is_shown(kit, write, record, name):
    setting = SETTINGS[record, name]
    config = load(write(f"[server]\n{setting.name} = 7"), env={}, providers=kit.rows)
    for other in RECORDS:
        changed = attrs.asdict(limits_of(other, config.server)).items() - attrs.asdict(other()).items()
        assert changed == ({(name, 7)} if other is record else set())
    [(shown, origin)] = [(value, origin) for key, value, origin in listing(config) if key == f"server.{setting.name}"]
    assert shown == "7"
    assert origin.endswith("dragoman.toml:2")


@pytest.mark.parametrize("value", ["-1", "nan", "inf", "-inf", '"7"', "true"])
@pytest.mark.parametrize("setting", SETTINGS.values(), ids=lambda setting: setting.name)
def test_a_limit_is_a_number_that_limits(kit, write, setting, value):
    with pytest.raises(ConfigError, match=f"server.{setting.name}: "):
        load(write(f"[server]\n{setting.name} = {value}"), env={}, providers=kit.rows)
