// Opened from a folder, a page may not read other files: search results then come without excerpts.
"use strict";
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
