# Before anything is known.
storage = Kept in this browser
# ($mb) How much is kept: MB.
kept = Kept in this browser: { $mb } MB.
# The page opens without a network.
offline = Opens without a network.
# It does not.
online = Does not open without a network yet.
# The browser keeps nothing.
blocked = This browser keeps nothing for this page: storage is blocked. Everything works, but the model is downloaded at every visit.
# The model could not be kept.
full = The model could not be kept: storage is full or blocked. Everything works, but it is downloaded at every visit.
# The page and its programs.
pages = The page and its programs
# Files that the site ships no longer.
earlier = Models of other versions
# ($mb) A size: MB.
megabytes = { $mb } MB
# ($mb, $all) A model whose download was interrupted: MB so far, MB in all.
partly = { $mb } of { $all } MB; the rest comes when it is chosen
# ($what) Deletes: what.
delete = Delete: { $what }
# The same on a button.
delete-short = Delete
# Deletes all that is listed.
delete-all = Delete all
# What else is kept, and what deleting means.
storage-note = Your text and labels are kept here too, and nowhere else. What is deleted is downloaded again when it is needed.
# The browser keeps neither text nor labels.
text-unkept = Your text and labels are not kept: they are gone when this page is closed, unless you save them as a file or a link.
# The single file, which keeps nothing of itself.
single = This one file holds the page, the engine and the model. It needs no network.
# What is kept of it.
single-kept = Only your text and labels are kept in the browser.
# Another version has been fetched.
update = A newer version of this page is here.
# Shows it.
reload = Show it
# ($count) Network requests since the model was loaded.
requests = { $count ->
        [one] 1 network request since the model was loaded
       *[other] { $count } network requests since the model was loaded
    }
# Leads to the licences of what the page is made of.
licences = Licences
# Leads to the lesson.
lesson = A lesson for teachers
# The lesson's page in this language.
lesson-page = teaching.html
# While the model is on its way.
requests-before = The model is being loaded
# Who counts, and what is allowed.
requests-note = The browser itself counts, in the page and in the engine; the page's own programs are left out, which are started anew for every core, for learning and for use without a network. The page's security policy allows requests to its own site only; what you type is in none of them.
