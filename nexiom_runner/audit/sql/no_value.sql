-- A part of plan.sql where it has no parameters: nothing, of which the planner cannot know that.
current_setting('nexiom.nothing', true)
