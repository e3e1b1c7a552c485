// The lesson's pages: their one button.
"use strict";

document.getElementById("print").addEventListener("click", () => print());
