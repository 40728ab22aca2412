//! Texts of the pages about RAM: users, groups, policies, roles, sessions.

texts! {
    Ram();
}
