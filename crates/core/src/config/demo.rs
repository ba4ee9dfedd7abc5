//! The demo organization.

use super::schema::choice::choice;
use super::schema::section;
use crate::secret::Secret;

choice! {
    /// Whether something is on, or decided by the rest of the settings.
    Switch {
        /// Decided by the rest of the settings.
        Auto = "auto";
        /// On.
        On = "true" | "on" | "yes" | "1";
        /// Off.
        Off = "false" | "off" | "no" | "0";
    }
}

section! {
    /// The demo organization: a believable company with knowledge, to try the agent on.
    Demo = "demo" {
        /// Whether the demo organization is made at the start. `auto` means: on the embedded store, and not in
        /// production.
        enabled: Switch = Switch::Auto;
        /// The password of the demo accounts; generated and shown once unless set.
        password: Option<Secret> = None;
    }
}
