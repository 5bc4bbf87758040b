// The result of an upload, made quick to check. It works without this, with more clicks.

import { Desk } from "./read-desk.js";

new Desk().begin();
