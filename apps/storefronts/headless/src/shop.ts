// The whole path without any interface of ours. Each file is one step, and can be read on its own.
import { showAccount } from "./account.ts";
import { buy, welcomeBack } from "./checkout.ts";
import { showPlans } from "./plans.ts";
import { listenToSupport } from "./support.ts";

showPlans((price) => void buy(price));
showAccount();
listenToSupport();
await welcomeBack();
