"""A project's folder becomes data, or every fault at once."""


def test_phases_stand_in_the_order_people_read(load):
    names = ["10_ten", "2_two", "04b_settings", "04_four", "12_twelve"]
    project = load({f"phases/{name}/apply.sql": "select 1;" for name in names})
    assert [phase.name for phase in project.phases] == ["2_two", "04_four", "04b_settings", "10_ten", "12_twelve"]
