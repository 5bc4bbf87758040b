// The page of one's account: it offers what this browser remembers.

import { offerImport } from "./import-offer.js";
import { Recent, browserStorage } from "./recent.js";

offerImport(new Recent(browserStorage()), () => document.getElementById("nothing-yet")?.remove());
