//! The words about what is kept for the next visit, and what the network is used for.

/// One language's.
pub struct Words {
    /// Before anything is known.
    pub storage: &'static str,
    /// How much is kept: MB.
    pub kept: fn(&str) -> String,
    /// The page opens without a network.
    pub offline: &'static str,
    /// It does not.
    pub online: &'static str,
    /// The browser keeps nothing.
    pub blocked: &'static str,
    /// The model could not be kept.
    pub full: &'static str,
    /// The page and its programs.
    pub pages: &'static str,
    /// Files that the site ships no longer.
    pub earlier: &'static str,
    /// A size: MB.
    pub megabytes: fn(&str) -> String,
    /// A model whose download was interrupted: MB so far, MB in all.
    pub partly: fn(&str, &str) -> String,
    /// Deletes: what.
    pub delete: fn(&str) -> String,
    /// The same on a button.
    pub delete_short: &'static str,
    /// Deletes all that is listed.
    pub delete_all: &'static str,
    /// What else is kept, and what deleting means.
    pub storage_note: &'static str,
    /// The single file, which keeps nothing.
    pub single: &'static str,
    /// Another version has been fetched.
    pub update: &'static str,
    /// Shows it.
    pub reload: &'static str,
    /// Network requests since the model was loaded: how many.
    pub requests: fn(usize) -> String,
    /// Leads to the licences of what the page is made of.
    pub licences: &'static str,
    /// While the model is on its way.
    pub requests_before: &'static str,
    /// Who counts, and what is allowed.
    pub requests_note: &'static str,
}
