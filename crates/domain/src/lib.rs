//! What ACS is about: organizations, people, conversations, knowledge, and the ports through which the outside is reached.
