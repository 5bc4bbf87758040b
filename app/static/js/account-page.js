// The page of one's account: it offers what this browser remembers.

import { offerImport } from "./import-offer.js";
import { Recent } from "./recent.js";

offerImport(new Recent(), () => document.getElementById("nothing-yet")?.remove());
