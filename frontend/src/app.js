// What every page loads: partial page updates and a few small habits. Every page also works without it.
import "htmx.org";
import { watchDialogs } from "./dialogs.js";
import { watchDiagrams } from "./diagrams.js";
import { watchDownloads } from "./downloads.js";
import { watchForms } from "./forms.js";
import { watchMenus } from "./menus.js";
import { watchTrouble } from "./trouble.js";

document.documentElement.classList.add("has-script");
watchMenus(document);
watchForms(document);
watchTrouble(document);
watchDialogs(document);
watchDownloads(document);
watchDiagrams(document);
