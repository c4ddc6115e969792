import access from "./access.json";
import canvas from "./canvas.json";
import common from "./common.json";
import home from "./home.json";
import measure from "./measure.json";
import records from "./records.json";
import runs from "./runs.json";
import settings from "./settings.json";
import shell from "./shell.json";
import tasks from "./tasks.json";
import templates from "./templates.json";
import tour from "./tour.json";
import workflows from "./workflows.json";

export default {
  access,
  canvas,
  common,
  home,
  measure,
  records,
  runs,
  settings,
  shell,
  tasks,
  templates,
  tour,
  workflows,
};
