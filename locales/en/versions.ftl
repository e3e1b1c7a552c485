# Above the comparison.
intro = Change a word of the question or the paragraph, analyse, and see what else it changes: every p, the answers, L.
# There is nothing to compare with yet.
none = Nothing to compare with yet: change the text above and analyse it.
# The text before was about something else.
other-text = The text before was another one. Change a word of this one, or keep it to compare with.
# Takes the analysis on show as the one to compare with.
keep = Compare with the text as it is now
# It is the one on show.
kept = This is the version that later ones are compared with.
# What the marks mean.
legend = Crossed out: taken out. Underlined: put in. The redder a token, the more of its probability has moved.
# Column headings.
token = Token
before = Before
now = Now
moved = moved (½ Σ |Δp|)
# The row of the answers.
answers = Answers
# In place of an answer.
no-answer = (none)
